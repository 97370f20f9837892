namespace Appliance.Router.Decoding.Facts;

/// <summary>Something that a packet has said of itself in clear: a name, an address, a banner. All that is kept of its payload.</summary>
/// <remarks>Every text in a fact is plain: see <see cref="PlainText"/>.</remarks>
public abstract record Fact(FactOrigin Origin);
