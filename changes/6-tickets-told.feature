Whoever has the next step of a quality ticket gets a message: the department's stewards when it is sent or given back, the platform when it is answered.
