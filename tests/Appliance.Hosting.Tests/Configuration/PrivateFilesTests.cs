using Appliance.Hosting.Configuration;
using Appliance.Tests.Shared;

namespace Appliance.Hosting.Tests.Configuration;

public sealed class PrivateFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_folder_on_the_way_is_its_owners_alone()
    {
        var path = _folder.File("state/router/pki");

        PrivateFiles.CreateFolder(path);

        Assert.All(["state", "state/router", "state/router/pki"], part => Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File(part))));
    }

    [Fact]
    public void Folder_that_is_there_keeps_its_mode()
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(_folder.File("state"), mode);

        PrivateFiles.CreateFolder(_folder.File("state/router"));

        Assert.Equal(mode, File.GetUnixFileMode(_folder.File("state")));
    }
}
