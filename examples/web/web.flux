// A web server for static files. One flow is one request; flux/net reads them, and sends the answers.
include "flux/http.h";
include "web.h";

// No site: the files need not be looked at.
typedef fresh IsFresh;

Next () => (flux_http_request *request);
Page (flux_http_request *request) => ();
CheckCache (flux_http_request *request) => (flux_http_request *request, const Site *site, Document *document);
Check (flux_http_request *request, const Site *site, Document *document) => (flux_http_request *request, const Site *site, Document *document);
Fetch (flux_http_request *request, const Site *site, Document *document) => (flux_http_request *request, const Site *site, Document *document);
ReadFile (flux_http_request *request, const Site *site, Document *document) => (flux_http_request *request, const Site *site, Document *document);
StoreInCache (flux_http_request *request, const Site *site, Document *document) => (flux_http_request *request, const Site *site, Document *document);
Reply (flux_http_request *request, const Site *site, Document *document) => ();

source Next {session: CopyOf} => Page;
Page = CheckCache -> Check -> Fetch -> Reply;
Fetch:[_, fresh, _] = ;
Fetch:[_, _, _] = ReadFile -> StoreInCache;

// Each thread that runs Next has a cache of its own, for the requests that it starts. Any number of them look a document up
// at once; storing one excludes them for a moment.
constraint CheckCache:{cache?(session)};
constraint StoreInCache:{cache(session)};

// It waits for the disk, in system calls that no runtime sees.
blocking ReadFile;

// A node that fails leaves what it was given to its handler.
handle error CheckCache => Misdirected;
handle error Check => Refuse;
handle error ReadFile => Refuse;
handle error Reply => Refuse;
