using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Enrollment;

public sealed class RenewalTests : IDisposable
{
    private static readonly PeerIdentity Logger = PeerIdentity.OfNode("home", "node2", Role.Logger);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly SiteAuthority _authority;
    private readonly NodeCredentials _credentials;
    private readonly EventLog _events;
    private PeerIdentity _signedFor = Logger;
    private bool _isAway;
    private int _asked;

    public RenewalTests()
    {
        _authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);
        var options = Options.Create(new NodeOptions { StateDirectory = _folder.File("state"), Name = "node2" });
        var running = new RunningRole(Role.Logger);
        var paths = new NodePaths(options, running);
        _authority.WriteNode(_authority.Issue(Logger, SiteAuthority.DefaultLeafLife, []), paths.Pki);
        _credentials = new NodeCredentials(paths, running, options, new RevocationList(paths));
        _events = new EventLog(_clock);
    }

    [Fact]
    public async Task Renewed_certificate_has_a_new_key_and_is_in_use_at_once()
    {
        var before = _credentials.Current.Certificate;
        using var renewal = new CertificateRenewal(_credentials, SignAsync, _events);

        var after = await renewal.RenewAsync(TestContext.Current.CancellationToken);

        Assert.Same(after, _credentials.Current);
        Assert.NotEqual(before.PublicKey.ExportSubjectPublicKeyInfo(), after.Certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.True(after.Certificate.HasPrivateKey);
        Assert.Contains(RevocationList.SerialOf(before), Assert.Single(Told()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_for_somebody_else_is_not_taken()
    {
        var before = _credentials.Current;
        _signedFor = PeerIdentity.OfNode("home", "node3", Role.Logger);
        using var renewal = new CertificateRenewal(_credentials, SignAsync, _events);

        var error = await Assert.ThrowsAsync<BusyException>(() => renewal.RenewAsync(TestContext.Current.CancellationToken));

        Assert.Equal("RENEWAL_UNUSABLE", error.Reason);
        Assert.Same(before, _credentials.Current);
        Assert.Equal(3, Directory.GetFiles(_credentials.Folder).Length);
    }

    [Fact]
    public async Task Certificate_is_renewed_when_two_thirds_of_its_life_are_over()
    {
        using var renewal = new CertificateRenewal(_credentials, SignAsync, _events);
        using var run = new RenewalRun(_credentials, renewal, _events, _clock);

        _clock.Advance(TimeSpan.FromDays(59));
        await run.LookAsync(TestContext.Current.CancellationToken);
        var early = _asked;
        _clock.Advance(TimeSpan.FromDays(1));
        await run.LookAsync(TestContext.Current.CancellationToken);
        _clock.Advance(RenewalRun.Pause);
        await run.LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (early, _asked));
        Assert.InRange(_credentials.Current.ExpireTime - _clock.GetUtcNow(), TimeSpan.FromDays(89), TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task Router_that_is_away_is_asked_every_hour_and_told_of_once_a_day()
    {
        _isAway = true;
        using var renewal = new CertificateRenewal(_credentials, SignAsync, _events);
        using var run = new RenewalRun(_credentials, renewal, _events, _clock);
        _clock.Advance(TimeSpan.FromDays(60));

        for (var minute = 0; minute < 24 * 60; minute++)
        {
            await run.LookAsync(TestContext.Current.CancellationToken);
            _clock.Advance(RenewalRun.Interval);
        }

        Assert.Equal(24, _asked);
        Assert.Contains("not renewed", Assert.Single(Told()), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private Task<byte[]> SignAsync(byte[] signingRequest, CancellationToken cancellationToken)
    {
        _asked++;
        if (_isAway)
        {
            throw new UnreachableException("The router does not answer.");
        }

        using var certificate = _authority.Certify(_signedFor, SigningRequest.Read(signingRequest), SiteAuthority.DefaultLeafLife, []);
        return Task.FromResult(certificate.RawData);
    }

    private List<string> Told() => [.. _events.After("", 0).Events.Select(told => told.Text)];
}
