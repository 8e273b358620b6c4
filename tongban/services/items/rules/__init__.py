"""Decisions about service items that would be true on paper."""
