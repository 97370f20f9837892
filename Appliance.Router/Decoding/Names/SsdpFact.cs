using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Names;

/// <summary>One SSDP message, by which UPnP devices find each other; what it does not say is empty.</summary>
public sealed record SsdpFact(FactOrigin Origin, SsdpKind Kind) : Fact(Origin)
{
    /// <summary>NT or ST: the kind of device or service that is announced or looked for.</summary>
    public string Target { get; init; } = "";

    /// <summary>USN: the device's own id, and the kind again.</summary>
    public string UniqueName { get; init; } = "";

    /// <summary>SERVER or USER-AGENT: operating system and product, each with its version.</summary>
    public string Product { get; init; } = "";

    /// <summary>LOCATION: where the device describes itself.</summary>
    public string Location { get; init; } = "";

    protected override int TextBytes => BytesOf(Target) + BytesOf(UniqueName) + BytesOf(Product) + BytesOf(Location);
}
