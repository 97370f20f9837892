using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Names;

/// <summary>The line in which one side of an SSH connection says what it is, such as "SSH-2.0-OpenSSH_9.2p1".</summary>
public sealed record SshFact(FactOrigin Origin, bool IsClient, string Banner) : Fact(Origin)
{
    protected override int TextBytes => BytesOf(Banner);
}
