using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Board;

public sealed class PinnedCertificateTests
{
    [Fact]
    public async Task Another_certificate_is_refused_with_both_fingerprints()
    {
        await using var board = await TestBoard.StartAsync();
        var pin = new string('A', 64);

        var error = await Assert.ThrowsAsync<UnreachableException>(
            () => board.Client(fingerprint: pin).GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"shows the certificate {board.Board.Fingerprint}, pinned is {pin};", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, board.Board.Daemon.Requests);
    }

    [Fact]
    public async Task Nothing_is_trusted_where_nothing_is_pinned()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client(BoardCredential.Known("root", TestBoard.Password), fingerprint: null);

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"shows the certificate {board.Board.Fingerprint}, pinned is none;", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expired_certificate_is_good_when_it_is_the_pinned_one()
    {
        using var expired = BoardCertificate.CreateQuickly(new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await using var board = await TestBoard.StartAsync(with: options => options with { Certificate = expired });

        var power = await board.Client().GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.True(expired.NotAfter < TimeProvider.System.GetUtcNow().UtcDateTime);
        Assert.False(power.First);
    }

    [Fact]
    public async Task Fingerprint_may_be_written_as_openssl_writes_it()
    {
        await using var board = await TestBoard.StartAsync();
        var colons = string.Join(':', board.Board.Fingerprint.Chunk(2).Select(pair => new string(pair))).ToLowerInvariant();

        var power = await board.Client(fingerprint: colons).GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.False(power.First);
    }

    [Fact]
    public void Fingerprint_is_that_of_the_whole_certificate()
    {
        using var certificate = BoardCertificate.CreateQuickly(TimeProvider.System);
        var pin = new PinnedCertificate(new BoardEndpoint(
            new Uri("https://board"), Convert.ToHexString(SHA256.HashData(certificate.RawData)), BoardCredential.Factory, Simulated: false));

        var accepted = pin.Accept(this, certificate, null, System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors);
        using var other = BoardCertificate.CreateQuickly(TimeProvider.System);
        var otherAccepted = pin.Accept(this, other, null, System.Net.Security.SslPolicyErrors.None);

        Assert.True(accepted);
        Assert.False(otherAccepted);
    }
}
