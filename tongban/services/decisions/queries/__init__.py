"""Reading rule sets and what they decided. Every query about a case takes the actor."""

from .in_force import Standing, forget_rules, is_halted, rule_set_in_force, standing_rules

__all__ = ["Standing", "forget_rules", "is_halted", "rule_set_in_force", "standing_rules"]
