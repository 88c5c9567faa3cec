"""A quarter in an hour: simulated customers, a reviewer with little time, real learning."""
