"""HSDS 3.1: the directory as Open Referral's standard says it, and an API that only reads."""
