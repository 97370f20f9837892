using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Http;

/// <summary>The first request of an HTTP connection in clear: whom it asks, and what asks.</summary>
public sealed record HttpFact(FactOrigin Origin, string Method) : Fact(Origin)
{
    public string Host { get; init; } = "";

    public string UserAgent { get; init; } = "";

    protected override int TextBytes => BytesOf(Method) + BytesOf(Host) + BytesOf(UserAgent);
}
