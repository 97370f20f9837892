namespace Appliance.Router.Decoding;

/// <summary>What the next byte of an HTTP client belongs to.</summary>
internal enum HttpPlace : byte
{
    Start,
    Head,

    /// <summary>A body whose length is known.</summary>
    Body,

    /// <summary>Bytes of which only the server's answer, or a segment that begins with a request, tells where they end.</summary>
    Unknown,
}
