using System.Text;
using Appliance.Router.Decoding;
using Appliance.Router.Network;
using Appliance.Router.Tests.Decoding;
using CsCheck;

namespace Appliance.Router.Tests.Network;

public sealed class LeaseReaderTests
{
    private const string Text =
        "1796092996 12:01:09:e3:34:b2 10.9.0.177 kitchencam 01:12:01:09:e3:34:b2\n"
        + "0 02:42:ac:11:00:02 192.168.1.20 * *\n"
        + "1796092997 06-02:42:ac:11 192.168.1.21 modem 01:02\n"
        + "duid 00:01:00:01:32:a0:47:fe:e6:d3:69:08:20:38\n"
        + "1796092998 1234567 fd09::100 printer 00:01:00:01:2b:3c:4d:5e:02:42:ac:11:00:03\n"
        + "1796092999 T99 fd09::101 * 00:03:00:01:02:42:ac:11:00:04\n"
        + "1796093000 7 fd09::102 other 00:02:00:00:ab:11:0f:01:02:03\n";

    [Fact]
    public void Leases_of_both_families_are_read_as_dnsmasq_writes_them()
    {
        var leases = Read(Encoding.ASCII.GetBytes(Text));

        Assert.Equal(
            [
                "12:01:09:e3:34:b2 10.9.0.177 kitchencam 01:12:01:09:e3:34:b2 1796092996",
                "02:42:ac:11:00:02 192.168.1.20   0",
                "00:00:00:00:00:00 192.168.1.21 modem 01:02 1796092997",
                "02:42:ac:11:00:03 fd09::100 printer 00:01:00:01:2b:3c:4d:5e:02:42:ac:11:00:03 1796092998",
                "02:42:ac:11:00:04 fd09::101  00:03:00:01:02:42:ac:11:00:04 1796092999",
                "00:00:00:00:00:00 fd09::102 other 00:02:00:00:ab:11:0f:01:02:03 1796093000",
            ],
            leases.Select(lease => $"{lease.Mac} {IPAddresses.ToIPAddress(lease.Address)} {lease.Name} {lease.ClientId} {lease.ExpireSeconds}"));
    }

    [Theory]
    [InlineData("1796092996 12:01:09:e3:34:b2 10.9.0.177 cam *")]
    [InlineData("1796092996 12:01:09:e3:34:b2 10.9.0.177 cam\n")]
    [InlineData("-1 12:01:09:e3:34:b2 10.9.0.177 cam *\n")]
    [InlineData("1x 12:01:09:e3:34:b2 10.9.0.177 cam *\n")]
    [InlineData("99999999999999999999 12:01:09:e3:34:b2 10.9.0.177 cam *\n")]
    [InlineData("1 12:01:09:e3:34:b2 10.9.0.377 cam *\n")]
    [InlineData("1 12:01:09:e3:34:b2 fe80::1%1 cam *\n")]
    [InlineData("1  10.9.0.177 cam *\n")]
    [InlineData("\n\n \n")]
    public void Line_that_is_no_whole_lease_is_passed_over(string text)
    {
        Assert.Empty(Read(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void Name_that_would_write_on_a_terminal_is_made_plain()
    {
        var lease = Assert.Single(Read("1 12:01:09:e3:34:b2 10.9.0.177 \u001b[2Jcam *\n"u8.ToArray()));

        Assert.Equal(@"\027[2Jcam", lease.Name);
    }

    [Fact]
    public void A_million_damaged_files_are_read_without_harm()
    {
        byte[][] seeds = [Encoding.ASCII.GetBytes(Text), .. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Encoding.ASCII.GetBytes(line + "\n"))];
        var (read, untouched) = (0L, 0L);

        Mutation.For(seeds.Length).Sample(
            mutation =>
            {
                var leases = Read(mutation.Apply(seeds[mutation.Seed]));
                read += leases.Count;
                untouched += leases.Count(lease => lease.ExpireSeconds >= 0 && lease.Name.Length <= 1021);
            },
            iter: 1_000_000,
            threads: 1);

        Assert.InRange(read, 100_000, 14_000_000);
        Assert.Equal(read, untouched);
    }

    private static List<Lease> Read(ReadOnlySpan<byte> file)
    {
        var leases = new List<Lease>();
        var reader = new LeaseReader(file);
        while (reader.TryNext(out var lease))
        {
            leases.Add(lease);
        }

        return leases;
    }
}
