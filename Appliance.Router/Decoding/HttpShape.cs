namespace Appliance.Router.Decoding;

/// <summary>How far the requests of an HTTP client have come.</summary>
internal struct HttpShape
{
    public uint BodyLeft;
    public HttpPlace Place;

    /// <summary>The rest of the line says nothing more.</summary>
    public bool IsLineKnown;

    /// <summary>The request has an Authorization field; only the first counts.</summary>
    public bool IsAuthorized;
    public bool HasOpenBody;

    public void BeginHead()
    {
        this = default;
        Place = HttpPlace.Head;
        IsLineKnown = true;
    }

    public void EndHead() => Place = HasOpenBody ? HttpPlace.Unknown : BodyLeft > 0 ? HttpPlace.Body : HttpPlace.Start;

    /// <summary>The server has its turn: what the client says next may be a request, as a body that was asked for may never come.</summary>
    public void TakeTurn() => Place = Place switch
    {
        HttpPlace.Unknown => HttpPlace.Start,
        HttpPlace.Body => HttpPlace.Unknown,
        _ => Place,
    };

    public void Lose()
    {
        this = default;
        Place = HttpPlace.Unknown;
    }
}
