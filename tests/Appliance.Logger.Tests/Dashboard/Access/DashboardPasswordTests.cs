using System.Runtime.Versioning;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Logger.Dashboard;
using Appliance.Logger.Dashboard.Access;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Tests.Dashboard.Access;

[SupportedOSPlatform("linux")]
public sealed class DashboardPasswordTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string ClearTextFile => Path.Combine(_folder.Path, "logger", "dashboard-password");

    private string HashFile => ClearTextFile + ".hash";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Password_made_at_first_start_is_in_the_file_and_fits()
    {
        using var password = Open();

        var written = (await File.ReadAllTextAsync(ClearTextFile)).Trim();

        Assert.True(written.Length >= 16 && await password.VerifyAsync(written, CancellationToken.None));
    }

    [Fact]
    public void Both_files_are_for_their_owner_alone()
    {
        using var password = Open();

        var modes = new[] { ClearTextFile, HashFile }.Select(File.GetUnixFileMode);

        Assert.All(modes, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
    }

    [Fact]
    public async Task Hash_does_not_tell_the_password()
    {
        using var password = Open();

        var hash = await File.ReadAllTextAsync(HashFile);

        Assert.DoesNotContain((await File.ReadAllTextAsync(ClearTextFile)).Trim(), hash, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Later_start_keeps_the_password_and_does_not_write_it_again()
    {
        using var first = Open();
        var written = (await File.ReadAllTextAsync(ClearTextFile)).Trim();
        File.Delete(ClearTextFile);

        using var second = Open();

        Assert.True(await second.VerifyAsync(written, CancellationToken.None) && !File.Exists(ClearTextFile));
    }

    [Fact]
    public void Removing_the_hash_makes_another_password_and_ends_old_sessions()
    {
        using var first = Open();
        File.Delete(HashFile);

        using var second = Open();

        Assert.NotEqual(first.Stamp, second.Stamp);
    }

    [Fact]
    public async Task Clear_text_goes_to_the_file_that_the_option_names()
    {
        using var password = Open(_folder.File("elsewhere"));

        var written = (await File.ReadAllTextAsync(_folder.File("elsewhere"))).Trim();

        Assert.True(await password.VerifyAsync(written, CancellationToken.None) && !File.Exists(ClearTextFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Other_words_do_not_fit(string word)
    {
        using var password = Open();

        Assert.False(await password.VerifyAsync(word, CancellationToken.None));
    }

    [Fact]
    public async Task Endless_input_is_refused_before_it_is_hashed()
    {
        using var password = Open();

        Assert.False(await password.VerifyAsync(new string('x', DashboardPassword.LongestPassword + 1), CancellationToken.None));
    }

    private DashboardPassword Open(string passwordFile = "")
    {
        var paths = new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Logger));
        var options = Options.Create(new DashboardOptions { PasswordFile = passwordFile });
        var password = new DashboardPassword(paths, options, NullLogger<DashboardPassword>.Instance);
        password.Ensure();
        return password;
    }
}
