{{ onepassword_access_as_of(onepassword_evidence_end()) }}
