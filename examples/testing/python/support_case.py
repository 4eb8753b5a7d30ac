"""Plays the company's side of a support case over the simulator's control API. Needs only Python's standard library.

Start the simulator with `npx connect-chat-simulator`. Start a chat on a page that uses the simulator. Then run this file:

    python3 support_case.py http://localhost:8080
"""

import base64
import json
import sys
import urllib.error
import urllib.request


class Simulator:
    """The control API. GET /_control/openapi.json describes every operation."""

    def __init__(self, url):
        self.url = url.rstrip("/") + "/_control"

    def call(self, method, path, body=None):
        """Calls an operation and returns its JSON. If the call fails, raises an error with the simulator's message."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            message = json.loads(error.read())["error"]["message"]
            raise RuntimeError(f"{method} {path}: {message}") from error

    def newest_contact(self):
        return Contact(self, self.call("GET", "/contacts")["contacts"][0]["contactId"])


class Contact:
    def __init__(self, simulator, contact_id):
        self.simulator = simulator
        self.path = f"/contacts/{contact_id}"
        self.contact_id = contact_id
        self.last_id = None

    def call(self, method, path, body=None):
        return self.simulator.call(method, self.path + path, body)

    def say(self, content, role="AGENT"):
        return self.call("POST", "/messages", {"content": content, "role": role})["item"]

    def wait_for(self, kind, **condition):
        """Waits for the customer's next item of a kind, such as a message or an attachment, and returns the item."""
        condition.update({"for": kind, "timeoutMs": 20_000})
        if self.last_id:
            condition["sinceId"] = self.last_id
        item = self.call("POST", "/wait", condition)["item"]
        if item and "Id" in item:
            self.last_id = item["Id"]
        return item


LIST_PICKER = {
    "templateType": "ListPicker",
    "version": "1.0",
    "data": {
        "content": {
            "title": "What can we help you with?",
            "elements": [{"title": "Billing"}, {"title": "Delivery"}],
        }
    },
}


def play(contact):
    contact.say("Welcome! I'm the bot.", role="SYSTEM")
    contact.call("POST", "/interactive", {"template": LIST_PICKER})
    topic = contact.wait_for("message")["Content"]
    print(f"The customer chose: {topic}")

    contact.call("POST", "/participants", {"role": "AGENT", "displayName": "Sam"})
    contact.say("Hello, this is Sam. Please send your invoice.")
    attachment = contact.wait_for("attachment")["Attachments"][0]
    print(f"The customer sent: {attachment['AttachmentName']}")
    corrected = base64.b64encode(b"Corrected invoice").decode()
    contact.call(
        "POST",
        "/attachments",
        {"name": "corrected.txt", "contentType": "text/plain", "base64": corrected},
    )
    contact.wait_for("message", matches="Corrected invoice")

    contact.simulator.call(
        "POST", "/faults", {"kind": "dropSockets", "scope": {"contactId": contact.contact_id}}
    )
    contact.say("You will receive this message although the link was down.")
    contact.wait_for("message", matches="although the link was down")
    print("The customer missed nothing.")

    contact.call("POST", "/transfer", {"displayName": "Robin", "acknowledged": True})
    contact.call("PATCH", "/behaviors", {"disconnectFlow": "survey"})
    contact.say("I'm Robin. Is there anything else?")
    rating = contact.wait_for("message", pattern="^[1-5]$")["Content"]
    contact.call("POST", "/wait", {"for": "end", "timeoutMs": 20_000})
    print(f"The customer rated the chat: {rating}")


if __name__ == "__main__":
    play(Simulator(sys.argv[1]).newest_contact())
