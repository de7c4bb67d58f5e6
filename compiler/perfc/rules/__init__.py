"""The rules: one file each, named like the rule, found by being here."""
