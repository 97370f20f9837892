using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>The same image, built once more from another clone in a folder with a longer name.</summary>
public sealed class SecondBuild(BuiltImage built) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    internal string Folder => _folder.File("second-checkout/out");

    public async ValueTask InitializeAsync()
    {
        if (Tool.Missing().Length == 0)
        {
            (await ImageBuild.RunAsync("virt", Folder, built.Version)).Succeeded();
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
