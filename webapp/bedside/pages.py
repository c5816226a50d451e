"""The bedside pages by name, as sw/routes.json names them. Twin: sw/pages/index.js."""

from webapp.bedside.pages_about import about_page
from webapp.bedside.pages_check import check_page
from webapp.bedside.pages_device import device_page
from webapp.bedside.pages_person import person_page
from webapp.bedside.pages_result import result_page
from webapp.bedside.pages_round import event_page, people_page, round_page
from webapp.bedside.pages_sent import sent_page
from webapp.bedside.pages_shift import shift_page

__all__ = ["about_page", "check_page", "device_page", "event_page", "people_page", "person_page", "result_page", "round_page",
           "sent_page", "shift_page"]
