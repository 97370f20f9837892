using System.Buffers.Binary;
using System.Security.Cryptography;
using Appliance.Bmc.NodeFiles;

namespace Appliance.Bmc.Tests.NodeFiles;

public sealed class NodeFilePlaceTests
{
    private const int TableHeader = 512;
    private const int TableEntries = 1024;
    private const int BootSector = 2048 * 512;

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public async Task Place_is_where_the_file_of_spaces_lies(int bits)
    {
        using var image = await DiskImage.WithPlaceholderAsync(bits);
        var bytes = image.Bytes;

        var place = NodeFilePlace.Find(bytes).Value!;

        Assert.Equal(DiskImage.PlaceholderBytes, place.Length);
        Assert.False(bytes.AsSpan((int)place.Start, (int)place.Length).ContainsAnyExcept((byte)' '));
        Assert.NotEqual((byte)' ', bytes[place.Start - 1]);
        Assert.NotEqual((byte)' ', bytes[place.End]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public async Task File_in_pieces_is_refused(int bits)
    {
        using var image = await DiskImage.BareAsync(bits);
        await image.AddAsync("A", 512);
        await image.AddAsync("B", 512);
        await image.DeleteAsync("A");
        image.ForgetFreeClusters();
        await image.AddAsync("NODE.JSN", DiskImage.PlaceholderBytes);

        var look = NodeFilePlace.Find(image.Bytes);

        Assert.Equal("its NODE.JSN is not in one piece", look.Fault);
    }

    [Fact]
    public async Task Image_without_the_file_is_refused()
    {
        using var image = await DiskImage.BareAsync();

        Assert.Equal("its boot configuration has no file NODE.JSN to be replaced", NodeFilePlace.Find(image.Bytes).Fault);
    }

    [Fact]
    public async Task Deleted_file_is_no_place()
    {
        using var image = await DiskImage.WithPlaceholderAsync(32);
        await image.DeleteAsync("NODE.JSN");

        Assert.Equal("its boot configuration has no file NODE.JSN to be replaced", NodeFilePlace.Find(image.Bytes).Fault);
    }

    [Fact]
    public async Task File_of_another_size_is_refused()
    {
        using var image = await DiskImage.BareAsync();
        await image.AddAsync("NODE.JSN", 4096);

        Assert.Equal("its NODE.JSN has 4096 bytes, not the 65536 that are kept free for a node file", NodeFilePlace.Find(image.Bytes).Fault);
    }

    [Fact]
    public async Task Partition_of_another_name_is_refused()
    {
        using var image = await DiskImage.BareAsync(label: "boot");

        Assert.Equal("it has no partition called bootconfig", NodeFilePlace.Find(image.Bytes).Fault);
    }

    [Fact]
    public async Task Partition_without_a_file_system_is_refused()
    {
        using var image = await DiskImage.WithPlaceholderAsync();
        var bytes = image.Bytes;
        bytes.AsSpan(BootSector, 512).Clear();

        Assert.Equal("its boot configuration is no FAT file system with sectors of 512 bytes", NodeFilePlace.Find(bytes).Fault);
    }

    [Theory]
    [InlineData(TableHeader + 24, "the header of its partition table does not match its checksum")]
    [InlineData(TableEntries + 32, "the entries of its partition table do not match their checksum")]
    [InlineData(TableHeader, "it has no GUID partition table for sectors of 512 bytes")]
    public async Task Damaged_table_is_refused(int at, string fault)
    {
        using var image = await DiskImage.WithPlaceholderAsync();
        var bytes = image.Bytes;
        bytes[at] ^= 1;

        Assert.Equal(fault, NodeFilePlace.Find(bytes).Fault);
    }

    [Theory]
    [InlineData(72, ulong.MaxValue)]
    [InlineData(72, 1UL)]
    [InlineData(80, 0xFFFF_FFFF_FFFF_FFFFUL)]
    [InlineData(80, 0x0000_0080_0000_0000UL)]
    [InlineData(80, 0x7FFF_FF80_0000_0080UL)]
    [InlineData(48, ulong.MaxValue)]
    public async Task Header_that_lies_with_the_right_checksum_is_refused(int field, ulong value)
    {
        using var image = await DiskImage.WithPlaceholderAsync();
        var bytes = image.Bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(TableHeader + field), value);
        Seal(bytes);

        Assert.Equal("the header of its partition table has values out of all bounds", NodeFilePlace.Find(bytes).Fault);
    }

    [Theory]
    [InlineData(32, 0UL)]
    [InlineData(40, ulong.MaxValue)]
    [InlineData(40, 0x0000_0FFF_FFFF_FFFFUL)]
    public async Task Partition_outside_of_the_disk_is_refused(int field, ulong sector)
    {
        using var image = await DiskImage.WithPlaceholderAsync();
        var bytes = image.Bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(TableEntries + field), sector);
        Seal(bytes);

        Assert.Equal("partition 1 of its table lies outside of the disk", NodeFilePlace.Find(bytes).Fault);
    }

    [Fact]
    public async Task Beginning_that_is_too_short_asks_for_more_until_it_is_enough()
    {
        using var image = await DiskImage.WithPlaceholderAsync(32);
        var bytes = image.Bytes;
        var length = 0L;
        List<long> asked = [];

        while (NodeFilePlace.Find(bytes.AsSpan(0, (int)length)) is { Value: null, Needed: > 0 } look)
        {
            Assert.True(look.Needed > length);
            asked.Add(length = look.Needed);
        }

        Assert.NotNull(NodeFilePlace.Find(bytes.AsSpan(0, (int)length)).Value);
        Assert.InRange(length, BootSector, 4 << 20);
        Assert.Equal(1024, asked[0]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public async Task Random_damage_never_makes_it_throw_or_leave_the_partition(int bits)
    {
        using var image = await DiskImage.WithPlaceholderAsync(bits);
        var bytes = image.Bytes;
        var last = bytes.Length - DiskImage.PlaceholderBytes;

        for (var round = 0; round < 100; round++)
        {
            var spots = Enumerable.Range(0, RandomNumberGenerator.GetInt32(1, 4)).Select(_ => BootSector + Spot()).Distinct().Select(at => (At: at, Was: bytes[at])).ToList();
            spots.ForEach(spot => bytes[spot.At] = (byte)RandomNumberGenerator.GetInt32(256));

            var look = NodeFilePlace.Find(bytes);

            Assert.True(look.Value is not null || look.Needed > 0 || look.Fault.Length > 0);
            Assert.InRange(look.Value?.Start ?? BootSector, BootSector, last);
            spots.ForEach(spot => bytes[spot.At] = spot.Was);
        }

        // Most of them where something is read: boot sector, first sectors of the tables, root.
        static int Spot() => RandomNumberGenerator.GetInt32(3) == 0 ? RandomNumberGenerator.GetInt32(512) : RandomNumberGenerator.GetInt32(1 << 20);
    }

    /// <summary>The right checksums over whatever the table holds now.</summary>
    private static void Seal(byte[] bytes)
    {
        var header = bytes.AsSpan(TableHeader, 92);
        BinaryPrimitives.WriteUInt32LittleEndian(header[88..], Crc32.Append(0, bytes.AsSpan(TableEntries, 128 * 128)));
        header[16..20].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Crc32.Append(0, header));
    }
}
