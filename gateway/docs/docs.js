// Shows what this gateway offers to the holder of a key, in Scalar's API reference. Nothing is asked of other hosts.

/** Where the dashboard keeps the key, too: for this tab only. */
const KEY_ITEM = "easyremote-key";
const REFERENCE = "/docs/api-reference.js";

const element = (id) => document.getElementById(id);

/** Scalar's settings, with everything off that would leave this origin or name another one. */
const QUIET = {
	withDefaultFonts: false,
	telemetry: false,
	agent: { disabled: true },
	mcp: { disabled: true },
	hideClientButton: true,
	showDeveloperTools: "never",
	persistAuth: false,
};

async function fetchDocument(key) {
	const response = await fetch(
		"/openapi.json",
		key ? { headers: { authorization: `Bearer ${key}` } } : {},
	);
	if (response.ok) return response.json();
	const { detail, hint = "" } = await response.json();
	throw Object.assign(new Error(`${detail}. ${hint}`), {
		status: response.status,
	});
}

function loadReference() {
	return new Promise((resolve, reject) => {
		const script = document.createElement("script");
		script.src = REFERENCE;
		script.onload = resolve;
		script.onerror = () => reject(new Error(`${REFERENCE} is not there`));
		document.head.append(script);
	});
}

async function show() {
	const key = sessionStorage.getItem(KEY_ITEM);
	try {
		const [content] = await Promise.all([fetchDocument(key), loadReference()]);
		element("before").hidden = true;
		window.Scalar.createApiReference("#reference", {
			...QUIET,
			content,
			defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
			// An empty key would be sent, and refused.
			...(key && {
				authentication: {
					preferredSecurityScheme: "bearer",
					securitySchemes: { bearer: { token: key } },
				},
			}),
		});
	} catch (error) {
		element("sign-in").hidden = error.status !== 401;
		element("status").textContent = error.message;
	}
}

element("sign-in").addEventListener("submit", (event) => {
	event.preventDefault();
	sessionStorage.setItem(KEY_ITEM, element("key").value.trim());
	void show();
});
void show();
