using Appliance.Tests.Shared;

namespace Appliance.Package.Tests;

// One after the other: each machine takes a processor for itself while it starts.
[Collection("package")]
public sealed class PackageTests(BuiltPackage package)
{
    [Fact]
    public void Two_builds_are_the_same_bytes()
    {
        Tool.Require(("/usr/bin/dpkg-deb", "dpkg"));
        using var other = new TempFolder();
        package.Build("1.2.3", other.Path);

        var (first, second) = (File.ReadAllBytes(package.Of("1.2.3")), File.ReadAllBytes(other.File($"appliance_1.2.3_{BuiltPackage.Architecture}.deb")));

        Assert.True(first.AsSpan().SequenceEqual(second));
    }

    [Fact]
    public void It_has_every_file_that_all_machines_get_and_none_of_the_image_alone()
    {
        Tool.Require(("/usr/bin/dpkg-deb", "dpkg"));

        var files = Tool.Run("dpkg-deb", "--contents", package.Of("1.2.3")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        foreach (var wanted in FilesBelow("image/rootfs"))
        {
            Assert.Contains(files, line => line.EndsWith($" .{wanted}", StringComparison.Ordinal));
        }

        Assert.All(FilesBelow("image/base"), file => Assert.DoesNotContain(files, line => line.EndsWith($" .{file}", StringComparison.Ordinal)));
        Assert.Contains(files, line => line.EndsWith("./usr/bin/appliance -> ../lib/appliance/app/appliance", StringComparison.Ordinal));
        Assert.All(files, line => Assert.Contains(" root/root ", line, StringComparison.Ordinal));
        Assert.All(files, line => Assert.DoesNotMatch("^-..s|^-.....s|^[^l].{7}w", line));
    }

    [Fact]
    public void Prerelease_comes_before_its_release()
    {
        Tool.Require(("/usr/bin/dpkg-deb", "dpkg"));
        using var folder = new TempFolder();
        package.Build("1.3.0-rc1", folder.Path);
        var version = Tool.Run("dpkg-deb", "--field", Directory.GetFiles(folder.Path, "*.deb").Single(), "Version").Trim();

        var (code, _) = Tool.Try("dpkg", "--compare-versions", version, "lt", "1.3.0");

        Assert.Equal("1.3.0~rc1", version);
        Assert.Equal(0, code);
    }

    [Fact]
    public void Debians_own_checker_finds_nothing_that_is_not_explained()
    {
        Tool.Require(("/usr/bin/lintian", "lintian"));
        // As root it warns of itself, for which there is an option; the overrides, each with its reason, come with the package.
        var (code, found) = Tool.Try("lintian", "--allow-root", "--fail-on", "error,warning", package.Of("1.2.3"));

        Assert.Equal("", found.Trim());
        Assert.Equal(0, code);
    }

    private static IEnumerable<string> FilesBelow(string folder)
    {
        var root = Path.Combine(Checkout.Root, folder);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => file[root.Length..]);
    }
}
