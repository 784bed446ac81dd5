"""The keepers' desk: from a published text to a policy file that two people have signed."""
