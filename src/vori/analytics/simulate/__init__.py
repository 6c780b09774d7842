"""Made-up histories: meetings, talk and the lives of tickets as events, with truths planted in them."""
