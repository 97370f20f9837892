using Grpc.Core;

namespace Appliance.Hosting.Authorization;

/// <summary>How a session's token travels.</summary>
public static class SessionMetadata
{
    /// <summary>The metadata entry that holds it.</summary>
    public const string Name = "appliance-session";

    public static Metadata Of(string token) => new() { { Name, token } };
}
