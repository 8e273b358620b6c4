"""The few things every room needs and that are about none of them. All of it is public, so it stays small."""
