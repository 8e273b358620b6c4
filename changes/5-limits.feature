How often anybody may ask is one list (`config/settings/limits.py`), counted across all processes; what is refused or fails is kept for half a year.
