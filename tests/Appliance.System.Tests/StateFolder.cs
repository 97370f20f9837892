namespace Appliance.SystemTests;

/// <summary>A state folder of the test's own, gone afterwards.</summary>
internal sealed class StateFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("apt-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
