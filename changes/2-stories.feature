Stories drive the whole house in a real browser: the main flow, a refusal, a mandate, a house used badly, and axe on every page at two widths and in 关怀版.
