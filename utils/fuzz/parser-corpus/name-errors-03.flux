handle error Read => BadRequest;
