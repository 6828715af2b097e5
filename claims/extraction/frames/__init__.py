"""A proposition as an event: who did what to whom, how many, is it denied."""
