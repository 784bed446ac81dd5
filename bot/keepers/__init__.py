"""For the people who keep the policies: texts, fact sheets, differences, diagrams and pages."""
