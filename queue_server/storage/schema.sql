-- The hall's database. The log (events) is the truth; tickets and rows are what it adds up to.
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE events (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE days (service_day TEXT PRIMARY KEY, first_seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tickets (ticket_id INTEGER PRIMARY KEY, live INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX live_tickets ON tickets (ticket_id) WHERE live = 1;
CREATE TABLE rows (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE answers (request_id TEXT PRIMARY KEY, fingerprint BLOB NOT NULL, reply BLOB NOT NULL,
                      service_day TEXT NOT NULL) WITHOUT ROWID;
-- A rating knows neither its ticket nor its moment; its random key keeps no order.
CREATE TABLE ratings (rating_id BLOB PRIMARY KEY, service_day TEXT NOT NULL, service_id TEXT NOT NULL,
                      counter_id TEXT NOT NULL, operator_id TEXT NOT NULL, score INTEGER NOT NULL, reasons TEXT NOT NULL,
                      comment TEXT NOT NULL, criteria TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX ratings_of_days ON ratings (service_day);
-- Who wants to be called back: sealed with a key that lies in another file, and known to no rating.
CREATE TABLE callbacks (callback_id TEXT PRIMARY KEY, service_day TEXT NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
-- What staff wrote: apart from the log, so that it can be erased.
CREATE TABLE notes (seq INTEGER PRIMARY KEY, service_day TEXT NOT NULL, ticket_id INTEGER, at TEXT NOT NULL,
                    counter_id TEXT, operator_id TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX notes_of_tickets ON notes (ticket_id);
-- Who holds a ticket where the hall asks for it: hashes under a key that lives one day.
CREATE TABLE guards (person BLOB NOT NULL, service_id TEXT NOT NULL, ticket_id INTEGER NOT NULL);
