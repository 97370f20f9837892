namespace Appliance.Router.Decoding.Facts;

/// <summary>Something that a packet has said of itself in clear: a name, an address, a banner. All that is kept of its payload.</summary>
/// <remarks>Every text in a fact is plain: see <see cref="PlainText"/>.</remarks>
public abstract record Fact(FactOrigin Origin)
{
    // Two headers, the origin and the fields of a large one.
    private const int OwnBytes = 192;

    /// <summary>About how many bytes it takes in memory: what holds facts is bounded by it.</summary>
    public int Weight => OwnBytes + TextBytes;

    /// <summary>Bytes of its texts and lists.</summary>
    protected virtual int TextBytes => 0;

    /// <summary>Bytes that a text takes.</summary>
    protected static int BytesOf(string text) => text.Length == 0 ? 0 : 24 + (text.Length * sizeof(char));
}
