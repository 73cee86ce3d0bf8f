"""What people read: index page, Allure, JUnit, summary, history, audit, manual, traceability."""
