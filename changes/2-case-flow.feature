Cases pass every lawful step from receipt to delivery, each with its numbered letter, clock and message.
