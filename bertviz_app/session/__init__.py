"""Time: what the person did, what runs in the worker, and the one snapshot both lead to."""
