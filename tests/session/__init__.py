"""Tests of time: states, the worker and the session between them."""
