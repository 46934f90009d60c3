Page (int socket) => ();
ReadRequest (int socket)
     => (int socket, bool close, char* request);
Reply (int socket, bool close, int length, char*
content, char* output) => ();
ReadWrite (int socket, bool close, char* file)
     => (int socket, bool close, int length, char*
content, char* output);
Listen () => (int socket);
source Listen => Page;
Page = ReadRequest -> ReadWrite -> Reply;
handle error ReadWrite => FourOhFor;
handle error ReadRequest => BadRequest;

ImageListen () => (int socket);
ReadImageRequest (int socket)
  => (int socket, bool close, image_tag *request);
CheckCache (int socket, bool close, image_tag *request)
  => (int socket, bool close, image_tag *request);
ReadInFromDisk (int socket, bool close, image_tag *request)
  => (int socket, bool close, image_tag *request, __u8 *rgb_data);
Compress (int socket, bool close, image_tag *request, __u8 *rgb_data)
  -> (int socket, bool close, image_tag *request);
StoreInCache (int socket, bool close, image_tag *request)
  -> (int socket, bool close, image_tag *request);
Write (int socket, bool close, image_tag *request)
  => (int socket, bool close, image_tag *request);
Complete (int socket, bool close, image_tag *request) => ();

source ImageListen => Image;
Image =
  ReadImageRequest -> CheckCache -> Handler
  -> Write -> Complete;

typedef hit TestInCache;

Handler:[_, _, hit] = ;
Handler:[_, _, _] =
   ReadInFromDisk -> Compress
   -> StoreInCache;

handle error ReadInFromDisk -> FourOhFour;

atomic CheckCache:{cache};
atomic StoreInCache:{cache};
constraint Complete:{cache};
