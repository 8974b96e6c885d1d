"""The commands of ``malmoi``, one module a group."""
