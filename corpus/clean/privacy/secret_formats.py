"""How keys and tokens look: one row a format, as their issuers publish them. RE2 patterns for a whole batch.

The formats are exact (a fixed beginning, an alphabet, a length), so that neither hashes nor other random letters are
taken for a secret. Detectors by entropy alone are left out for that reason. No pattern is open in its middle, which
would cost quadratic time.
"""

from __future__ import annotations

TOKENS: dict[str, str] = {
    "Age": r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    "Airtable": r"pat[0-9A-Za-z]{14}\.[0-9a-f]{64}",
    "Anthropic": r"sk-ant-[0-9A-Za-z]{3,10}-[0-9A-Za-z_\-]{80,}",
    "Atlassian": r"ATATT3[0-9A-Za-z_\-=]{60,}",
    "AWS access key": r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}",
    "Azure storage": r"AccountKey=[0-9A-Za-z+/]{86}==",
    "Databricks": r"dapi[0-9a-f]{32}",
    "DigitalOcean": r"do[opr]_v1_[0-9a-f]{64}",
    "Discord bot": r"[MNO][0-9A-Za-z_\-]{23,25}\.[0-9A-Za-z_\-]{6}\.[0-9A-Za-z_\-]{27,38}",
    "Discord webhook": r"https://(?:canary\.|ptb\.)?discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[0-9A-Za-z_\-]{60,80}",
    "Docker": r"dckr_(?:pat|oat)_[0-9A-Za-z_\-]{27,36}",
    "Figma": r"figd_[0-9A-Za-z_\-]{40}",
    "GitHub": r"gh[oprsu]_[0-9A-Za-z]{36,}",
    "GitHub fine-grained": r"github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}",
    "GitLab": r"gl(?:pat|dt|rt|ptt|oas|ft|soat|cbt)-[0-9A-Za-z_\-]{20,64}",
    "Google API": r"AIza[0-9A-Za-z_\-]{35}",
    "Google OAuth client": r"GOCSPX-[0-9A-Za-z_\-]{28}",
    "Google OAuth token": r"ya29\.[0-9A-Za-z_\-]{40,}",
    "Grafana": r"glsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}",
    "Groq": r"gsk_[0-9A-Za-z]{52}",
    "Hugging Face": r"hf_[A-Za-z]{34}",
    "Linear": r"lin_api_[0-9A-Za-z]{40}",
    "Mailchimp": r"[0-9a-f]{32}-us[0-9]{1,2}",
    "New Relic": r"NRAK-[0-9A-Z]{27}",
    "Notion": r"ntn_[0-9A-Za-z]{46}",
    "npm": r"npm_[0-9A-Za-z]{36}",
    "OpenAI": r"sk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}",
    "OpenAI project": r"sk-(?:proj|svcacct|admin)-[0-9A-Za-z_\-]{40,}",
    "Postman": r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",
    "PyPI": r"pypi-AgE[0-9A-Za-z_\-]{80,}",
    "Replicate": r"r8_[0-9A-Za-z]{37}",
    "SendGrid": r"SG\.[0-9A-Za-z_\-]{22}\.[0-9A-Za-z_\-]{43}",
    "Sentry": r"sntry[su]_[0-9A-Za-z+/=_]{60,}",
    "Shopify": r"shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}",
    "Slack": r"xox[abeoprs]-[0-9A-Za-z\-]{20,}",
    "Slack app": r"xapp-[0-9]-[0-9A-Z]{8,14}-[0-9]{8,14}-[0-9a-f]{60,70}",
    "Slack webhook": r"https://hooks\.slack\.com/(?:services|workflows)/[0-9A-Za-z_/]{30,100}",
    "Square": r"sq0(?:atp|csp|idp)-[0-9A-Za-z_\-]{22,43}",
    "Stripe": r"(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{16,}",
    "Stripe webhook": r"whsec_[0-9A-Za-z]{32,64}",
    "Telegram bot": r"[0-9]{8,10}:AA[0-9A-Za-z_\-]{33}",
    "Twilio": r"SK[0-9a-f]{32}",
    "Vault": r"hv[sbr]\.[0-9A-Za-z_\-]{24,}",
}
"""Pattern by issuer."""

JSON_WEB_TOKEN = r"eyJ[0-9A-Za-z_\-]{10}"  # noqa: S105
"""RFC 7519, by its beginning."""

KEY_EDGE = r"-----(?:BEGIN|END) (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
"""First or last line of a private key: RFC 7468, RFC 4880, and OpenSSH."""

CREDENTIALS_IN_URL = r"[0-9A-Za-z+.\-]://[^\s/?#@:\"'<>]{0,100}:[^\s/?#@:\"'<>]{1,200}@[0-9A-Za-z\[]"
"""User and password in front of the host: RFC 3986, 3.2.1. Of the scheme the last character alone: with all of it, runs
of letters and digits such as hashes make more states than RE2 has memory for, and it gets a hundred times slower."""

ASSIGNMENT = (
    r"(?i:(?:api|access|secret|private|auth|client|account|signing|encryption|refresh|bearer|app|bot)[_\- ]?"
    r"(?:key|token|secret|password|key[_\-]id)|secret[_\-]access[_\-]key|passw(?:or)?d|passphrase|secret|"
    r"mật khẩu|authorization)"
    r"[\"']?[ \t]{0,3}(?::=|=>|=|:)"
)
"""A name that says "secret", and a sign that assigns."""
