-- A database and a role that owns it for each client. psql reads names and passwords from the
-- environment and quotes them itself, so any character may stand in a password.
{%- for name in names %}
\getenv user {{ name.to_variable() }}_USER
\getenv password {{ name.to_variable() }}_PASSWORD
CREATE ROLE :"user" LOGIN PASSWORD :'password';
CREATE DATABASE {{ name }} OWNER :"user";
REVOKE ALL ON DATABASE {{ name }} FROM PUBLIC;
{%- endfor %}
