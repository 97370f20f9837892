using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>Two clean checkouts in different folders give the same bytes.</summary>
[Trait("Category", "Drill")]
[Collection(BuiltImageShare.Name)]
public sealed class ReproducibleBuildTests(BuiltImage built, SecondBuild second) : IClassFixture<SecondBuild>
{
    [Fact]
    public async Task Two_builds_give_the_same_disk()
    {
        using var folder = new TempFolder();
        var disk = folder.File("second.img");
        (await Tool.RunAsync("zstd", "-q", "-d", Path.Combine(second.Folder, built.Name + ".img.zst"), "-o", disk)).Succeeded();

        var difference = await DiskParts.FirstDifferenceAsync(await built.DiskAsync(), disk);

        Assert.True(difference is null, $"The two builds differ first in {difference}: {await DifferentFilesAsync(disk, folder)}");
    }

    [Theory]
    [InlineData(".img.zst")]
    [InlineData(".img.zst.sig")]
    [InlineData(".manifest.json")]
    [InlineData(".cdx.json")]
    [InlineData(".sha256")]
    public async Task Two_builds_give_the_same_file(string extension)
    {
        var first = await File.ReadAllBytesAsync(built.File(extension), TestContext.Current.CancellationToken);
        var again = await File.ReadAllBytesAsync(Path.Combine(second.Folder, built.Name + extension), TestContext.Current.CancellationToken);

        Assert.True(first.AsSpan().SequenceEqual(again), $"{extension} differs first at byte {first.AsSpan().CommonPrefixLength(again)}.");
    }

    [Fact]
    public async Task A_difference_is_told_with_its_partition()
    {
        using var folder = new TempFolder();
        var changed = folder.File("changed.img");
        File.Copy(await built.DiskAsync(), changed);
        var place = (await DiskParts.ReadAsync(changed))["root-b"].Offset + 4711;
        await using (var disk = new FileStream(changed, FileMode.Open, FileAccess.Write))
        {
            disk.Position = place;
            disk.WriteByte(1);
        }

        var difference = await DiskParts.FirstDifferenceAsync(await built.DiskAsync(), changed);

        Assert.Equal("byte 4711 of partition root-b", difference);
    }

    // Names and digests of the root's files, for whoever has to find what changed.
    private async Task<string> DifferentFilesAsync(string other, TempFolder folder)
    {
        var roots = new List<string>();
        foreach (var disk in new[] { await built.DiskAsync(), other })
        {
            var target = folder.File($"root{roots.Count}");
            var offset = (await DiskParts.ReadAsync(disk))["root-a"].Offset;
            await Tool.RunAsync("unsquashfs", "-q", "-n", "-no-xattrs", "-o", $"{offset}", "-d", target, disk);
            roots.Add(target);
        }

        return (await Tool.RunAsync("diff", "-rq", "--no-dereference", roots[0], roots[1])).Output;
    }
}
