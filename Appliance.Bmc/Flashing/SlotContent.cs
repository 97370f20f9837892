namespace Appliance.Bmc.Flashing;

/// <summary>What is written to a slot, decompressed as it is read, and the SHA-256 of all of it in lower-case hex.</summary>
internal sealed record SlotContent(Stream Stream, string Sha256) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
