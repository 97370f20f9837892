using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Appliance.Hosting.Configuration;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules.Feeds;

/// <summary>The last good content of each feed in a file of its own: there whole or not at all, and read back only when its digest agrees.</summary>
/// <remarks>
/// A file is SHA-256 of the rest, a version, and for IPv4 and then IPv6 the number of hosts, the hosts, the number of networks and their
/// first and last addresses; then the number of names and the names. Numbers are little endian, addresses big endian.
/// </remarks>
internal sealed partial class FeedFiles
{
    private const byte Version = 1;
    private const string Ending = ".feed";
    private const string PartEnding = ".part";

    private readonly string _folder;
    private readonly ILogger<FeedFiles> _logger;

    public FeedFiles(NodePaths paths, ILogger<FeedFiles> logger)
    {
        _logger = logger;
        _folder = Path.Combine(paths.State, "feeds");
        PrivateFiles.CreateFolder(_folder);
    }

    /// <summary>Takes the place of what was kept; gives the digest.</summary>
    public string Write(string feedId, FeedReading reading)
    {
        var part = PathOf(feedId) + PartEnding;
        byte[] digest;
        using (var stream = new FileStream(part, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write(new byte[SHA256.HashSizeInBytes]);
            WriteBody(stream, reading);
            stream.Position = SHA256.HashSizeInBytes;
            digest = SHA256.HashData(stream);
            stream.Position = 0;
            stream.Write(digest);
            stream.Flush(flushToDisk: true);
        }

        File.Move(part, PathOf(feedId), overwrite: true);
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>What was kept; none when nothing was, or when it is damaged.</summary>
    public FeedContent Read(string feedId)
    {
        try
        {
            using var stream = new FileStream(PathOf(feedId), FileMode.Open, FileAccess.Read, FileShare.Read);
            var digest = new byte[SHA256.HashSizeInBytes];
            stream.ReadExactly(digest);
            if (!SHA256.HashData(stream).AsSpan().SequenceEqual(digest))
            {
                throw new InvalidDataException("Its digest does not agree.");
            }

            stream.Position = SHA256.HashSizeInBytes;
            return ReadBody(stream, Convert.ToHexStringLower(digest));
        }
        catch (FileNotFoundException)
        {
            return FeedContent.None;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogDamaged(feedId, error);
            return FeedContent.None;
        }
    }

    public void Delete(string feedId) => File.Delete(PathOf(feedId));

    /// <summary>Takes away what no feed has any more, as after a crash between two steps.</summary>
    public void DeleteAllBut(IEnumerable<string> feedIds)
    {
        var kept = feedIds.Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(_folder).Where(path => !kept.Contains(path)))
        {
            File.Delete(path);
        }
    }

    private static void WriteBody(Stream stream, FeedReading reading)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Version);
        Write(writer, reading.Addresses.Of4, TargetKind.Address4);
        Write(writer, reading.Addresses.Of6, TargetKind.Address6);
        writer.Write(reading.Names.Count);
        foreach (var name in reading.Names)
        {
            writer.Write(name);
        }
    }

    private static void Write(BinaryWriter writer, FamilyAddresses family, TargetKind kind)
    {
        writer.Write(family.Hosts.Count);
        foreach (var host in family.Hosts)
        {
            Write(writer, kind, host);
        }

        writer.Write(family.Networks.Count);
        foreach (var network in family.Networks)
        {
            Write(writer, kind, network.First);
            Write(writer, kind, network.Last);
        }
    }

    private static void Write(BinaryWriter writer, TargetKind kind, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        writer.Write(bytes[..new BlockTarget(kind, value).Write(bytes)]);
    }

    private static FeedContent ReadBody(Stream stream, string digest)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("It is of another version.");
        }

        var addresses = new FeedAddresses(ReadFamily(reader, TargetKind.Address4), ReadFamily(reader, TargetKind.Address6));
        var names = new string[reader.ReadInt32()];
        for (var place = 0; place < names.Length; place++)
        {
            names[place] = reader.ReadString();
        }

        return new FeedContent(addresses, names, digest);
    }

    private static FamilyAddresses ReadFamily(BinaryReader reader, TargetKind kind)
    {
        Span<byte> bytes = stackalloc byte[16];
        var own = bytes[^new BlockTarget(kind, 0).Length..];
        var hosts = new UInt128[reader.ReadInt32()];
        for (var place = 0; place < hosts.Length; place++)
        {
            hosts[place] = ReadAddress(reader, bytes, own);
        }

        var networks = new AddressSpan[reader.ReadInt32()];
        for (var place = 0; place < networks.Length; place++)
        {
            networks[place] = new AddressSpan(ReadAddress(reader, bytes, own), ReadAddress(reader, bytes, own));
        }

        return new FamilyAddresses(hosts, networks);
    }

    private static UInt128 ReadAddress(BinaryReader reader, Span<byte> all, Span<byte> own)
    {
        reader.BaseStream.ReadExactly(own);
        return BinaryPrimitives.ReadUInt128BigEndian(all);
    }

    private string PathOf(string feedId) => Path.Combine(_folder, feedId + Ending);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was kept of feed {FeedId} is unreadable; it is fetched anew.")]
    private partial void LogDamaged(string feedId, Exception error);
}
