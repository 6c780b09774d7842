"""Words become work: what was said opens and moves tickets, with proof and history."""
