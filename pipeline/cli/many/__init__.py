"""Commands for more than one machine or match: plan, work and merge one match; batch of many."""
