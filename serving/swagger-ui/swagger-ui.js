// Nobody loads this file: its page loads swagger-ui-bundle.js.
