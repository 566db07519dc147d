{{ onepassword_access_as_of(onepassword_as_of()) }}
