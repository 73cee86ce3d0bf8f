"""The search engine: plans walks, walks them, judges answers, makes findings short."""
