"""How a process of Malmoi ends, for whoever started it."""

CONTRACT_EXIT = 3
"""Exit code of a process whose input, recipe or stored data breaks a contract: do not try again."""

INFRASTRUCTURE_EXIT = 4
"""Exit code of a process that failed for want of disk, memory or network: try again."""

ERROR_PREFIX = "malmoi: error: "
"""Starts the one line on standard error that says what, where and what to do."""
