Electronic seals (GB/T 38540 v4, SM2): applied for, made, registered, kept, used with approval, suspended, replaced, cancelled; a signature with one is judged step by step.
