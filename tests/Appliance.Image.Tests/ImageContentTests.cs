using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>What comes with an image tells the truth about it, and its signatures hold.</summary>
[Collection(BuiltImageShare.Name)]
public sealed class ImageContentTests(BuiltImage built)
{
    private const long MaxCompressedBytes = 250_000_000;

    [Fact]
    public void The_image_fits_through_a_slow_line()
        => Assert.InRange(new FileInfo(built.File(".img.zst")).Length, 50_000_000, MaxCompressedBytes);

    [Fact]
    public async Task The_manifest_holds_the_images_digests_and_versions()
    {
        using var manifest = await built.ReadAsync(".manifest.json");
        var root = manifest.RootElement;

        Assert.Equal(built.Version, root.GetProperty("version").GetString());
        Assert.Equal("appliance-virt", root.GetProperty("compatible").GetString());
        Assert.Equal(await DigestAsync(built.File(".img.zst")), root.GetProperty("image").GetProperty("sha256").GetString());
        Assert.Equal(await DigestAsync(await built.DiskAsync()), root.GetProperty("image").GetProperty("raw_sha256").GetString());
        Assert.Contains(root.GetProperty("packages").EnumerateArray(), package => package.GetProperty("name").GetString() == "nftables");
        Assert.Contains(root.GetProperty("program").EnumerateArray(), package => package.GetProperty("name").GetString() == "MQTTnet" && package.GetProperty("licence").GetString() == "MIT");
    }

    [Fact]
    public async Task The_manifest_names_a_licence_of_every_part()
    {
        using var manifest = await built.ReadAsync(".manifest.json");

        var unknown = manifest.RootElement.GetProperty("packages").EnumerateArray().Where(package => package.GetProperty("licences").GetArrayLength() == 0)
            .Concat(manifest.RootElement.GetProperty("program").EnumerateArray().Where(package => package.GetProperty("licence").GetString()!.Length == 0));

        Assert.Empty(unknown.Select(package => package.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_SBOM_lists_every_locked_package_and_those_of_the_program()
    {
        var expected = (await LockedAsync()).Select(line => $"deb/{line[0]} {line[1]}").Append("nuget/Microsoft.ML.OnnxRuntime");
        using var sbom = await built.ReadAsync(".cdx.json");

        var listed = sbom.RootElement.GetProperty("components").EnumerateArray().SelectMany(Names).ToHashSet(StringComparer.Ordinal);

        Assert.Equal("CycloneDX", sbom.RootElement.GetProperty("bomFormat").GetString());
        Assert.Empty(expected.Except(listed));
    }

    [Fact]
    public async Task The_signature_holds_and_a_changed_image_is_refused()
    {
        using var folder = new TempFolder();
        var changed = folder.File("changed");
        File.Copy(built.File(".cdx.json"), changed);
        await File.AppendAllTextAsync(changed, " ", TestContext.Current.CancellationToken);

        var whole = await VerifyAsync(built.File(".img.zst"), built.File(".img.zst.sig"));
        var broken = await VerifyAsync(changed, built.File(".cdx.json.sig"));

        whole.Succeeded();
        Assert.NotEqual(0, broken.ExitCode);
    }

    [Fact]
    public async Task The_update_is_signed_and_is_for_this_target()
    {
        using var folder = new TempFolder();
        var other = folder.File("other.crt");
        (await Tool.RunAsync("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other", "-keyout", folder.File("other.key"), "-out", other)).Succeeded();

        var told = await Tool.RunAsync("rauc", "info", "--keyring", built.File(".crt"), "--output-format=json", built.File(".raucb"));
        var refused = await Tool.RunAsync("rauc", "info", "--keyring", other, built.File(".raucb"));

        using var bundle = JsonDocument.Parse(told.Succeeded());
        Assert.Equal("appliance-virt", bundle.RootElement.GetProperty("compatible").GetString());
        Assert.Equal(built.Version, bundle.RootElement.GetProperty("version").GetString());
        Assert.NotEqual(0, refused.ExitCode);
    }

    [Fact]
    public async Task Nothing_in_the_root_has_a_right_of_another_or_a_password()
    {
        using var folder = new TempFolder();
        var disk = await built.DiskAsync();
        var offset = $"{(await DiskParts.ReadAsync(disk))["root-a"].Offset}";

        var files = (await Tool.RunAsync("unsquashfs", "-o", offset, "-lln", disk)).Succeeded().Split('\n').Where(line => line.Contains(" squashfs-root", StringComparison.Ordinal)).ToArray();
        (await Tool.RunAsync("unsquashfs", "-q", "-n", "-o", offset, "-d", folder.File("root"), disk, "etc/shadow", "etc/passwd")).Succeeded();
        var shadow = await File.ReadAllLinesAsync(folder.File("root/etc/shadow"), TestContext.Current.CancellationToken);

        Assert.InRange(files.Length, 2000, 100_000);
        Assert.All(files, line => Assert.Matches("^[^sS]{10} 0/0 ", line));
        Assert.DoesNotContain(files, line => line.Contains("sshd", StringComparison.Ordinal));
        Assert.All(shadow, line => Assert.Equal("*", line.Split(':')[1]));
    }

    [Fact]
    public async Task What_a_role_starts_is_in_the_root()
    {
        var disk = await built.DiskAsync();
        string[] wanted = ["usr/sbin/nft", "usr/sbin/dnsmasq", "usr/bin/setpriv", "usr/sbin/ethtool", "usr/bin/rauc", "usr/sbin/modprobe"];

        var listed = await Tool.RunAsync("unsquashfs", ["-o", $"{(await DiskParts.ReadAsync(disk))["root-a"].Offset}", "-l", disk]);

        Assert.Empty(wanted.Except(listed.Succeeded().Split('\n').Select(line => line.Replace("squashfs-root/", "", StringComparison.Ordinal))));
    }

    // Two builds compared are a drill; this is where they differed while the build was made.
    [Fact]
    public async Task Nothing_in_the_root_has_the_time_or_the_folder_of_its_build()
    {
        using var folder = new TempFolder();
        using var manifest = await built.ReadAsync(".manifest.json");
        var commit = manifest.RootElement.GetProperty("time").GetString()![..16].Replace('T', ' ');
        var disk = await built.DiskAsync();
        var offset = $"{(await DiskParts.ReadAsync(disk))["root-a"].Offset}";
        var program = folder.File("program");

        var listed = await Tool.RunAsync(TimeSpan.FromMinutes(2), new Dictionary<string, string> { ["TZ"] = "UTC" }, "unsquashfs", ["-o", offset, "-lln", disk]);
        (await Tool.RunAsync("unsquashfs", "-q", "-n", "-no-xattrs", "-o", offset, "-d", program, disk, "usr/lib/appliance/app")).Succeeded();

        var files = listed.Succeeded().Split('\n').Where(line => line.Contains(" squashfs-root", StringComparison.Ordinal)).ToArray();
        var assemblies = Directory.GetFiles(program, "?ppliance*", SearchOption.AllDirectories);
        Assert.All(files, line => Assert.Contains($" {commit} squashfs-root", line, StringComparison.Ordinal));
        Assert.InRange(assemblies.Length, 5, 100);
        Assert.All(assemblies, file => Assert.DoesNotContain("/appliance-image-", Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
    }

    private Task<Tool.Result> VerifyAsync(string file, string signature)
        => Tool.RunAsync("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", file, "-CAfile", built.File(".crt"), "-purpose", "any", "-out", "/dev/null");

    // A build with --allow-newer leaves the lock file that it made instead.
    private async Task<string[][]> LockedAsync()
    {
        var taken = Path.Combine(built.Folder, "packages.lock");
        var lines = await File.ReadAllLinesAsync(File.Exists(taken) ? taken : Path.Combine(Checkout.Root, "image/packages.lock"), TestContext.Current.CancellationToken);
        return [.. lines.Where(line => !line.StartsWith('#')).Select(line => line.Split(' '))];
    }

    private static IEnumerable<string> Names(JsonElement component)
    {
        var reference = component.GetProperty("bom-ref").GetString()!;
        return [reference, $"{reference} {component.GetProperty("version").GetString()}"];
    }

    private static async Task<string> DigestAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, TestContext.Current.CancellationToken));
    }
}
