using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Site.Enrollment;

/// <summary>Takes requests of nodes and answers them as the operator decided.</summary>
internal sealed class EnrollmentDesk(RequestStore requests, CertificateLedger ledger, OnlineAuthority authorities, EnrollmentVoice voice, IOptions<EnrollmentOptions> options)
{
    /// <summary>Sorted by id, and so by their coming.</summary>
    public IReadOnlyList<EnrollmentRequest> All => requests.All;

    /// <summary>The request as it stands, with its certificate once somebody approved; and the authority's certificate.</summary>
    public (EnrollmentRequest Request, byte[] Authority) Ask(string tokenText, byte[] signingRequest, IPAddress source)
    {
        using var authority = authorities.Open();
        var token = ReadToken(tokenText, authority);
        var key = SigningRequest.Read(signingRequest);
        var request = requests.FindByToken(token.Id) ?? Begin(token, key, source);
        if (!CryptographicOperations.FixedTimeEquals(request.KeySha256, SigningRequest.Sha256Of(key)))
        {
            voice.TellOtherKey(request, SigningRequest.Sha256Of(key), source);
            throw new UnauthenticatedException("TOKEN_USED", "The token was used before with another key; if that was not this node, have the request refused, and make a new node file.");
        }

        return (request.State == EnrollmentState.Approved ? HandOut(request, source) : request, authority.Certificate.RawData);
    }

    /// <summary>Issues the certificate; the node takes it when it asks next.</summary>
    public EnrollmentRequest Approve(string id)
    {
        var request = Require(id);
        if (request.State == EnrollmentState.Approved)
        {
            return request;
        }

        using var authority = authorities.Open();
        using var certificate = authorities.Certify(authority, request.Node, PublicKey.CreateFromSubjectPublicKeyInfo(request.Key, out _), request.Hosts);
        if (request.State != EnrollmentState.Pending || !requests.TryApprove(id, certificate.RawData, command => ledger.Record(command, certificate, request.Node)))
        {
            throw new BusyException("REQUEST_REFUSED", $"The request of {request.Node} was refused; make a new node file for it.");
        }

        voice.TellIssued(request.Node, certificate);
        return Require(id);
    }

    public EnrollmentRequest Refuse(string id)
    {
        var request = Require(id);
        if (request.State == EnrollmentState.Approved || (request.State == EnrollmentState.Pending && !requests.TryRefuse(id)))
        {
            throw new BusyException("REQUEST_APPROVED", $"The request of {request.Node} was approved; revoke its certificate instead.");
        }

        return Require(id);
    }

    private EnrollmentToken ReadToken(string text, SiteAuthority authority)
    {
        if (!EnrollmentToken.TryRead(text, authority.Certificate, out var token) || token.Site != authority.Site)
        {
            throw new UnauthenticatedException("TOKEN_REFUSED", "The token is not one that this site's authority signed; make a node file with 'appliance image node-file'.");
        }

        return token.EndTime > voice.Now
            ? token
            : throw new UnauthenticatedException("TOKEN_ENDED", $"The token ended {token.EndTime.UtcDateTime:yyyy-MM-dd HH:mm}Z; make a new node file with 'appliance image node-file'.");
    }

    private EnrollmentRequest Begin(EnrollmentToken token, PublicKey key, IPAddress source)
    {
        // Sorts by time, so that a page is read in the order of coming.
        var id = $"{voice.Now.ToUnixTimeMilliseconds():x12}{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var request = new EnrollmentRequest(
            id, token.Id, token.Identity, EnrollmentState.Pending, key.ExportSubjectPublicKeyInfo(), SigningRequest.Sha256Of(key), source.ToString(), voice.Now, token.EndTime, token.Hosts);
        voice.Enter("RequestCertificate", request, source);
        var held = requests.Add(request, options.Value.MaxPending)
            ?? throw new LimitExceededException("TOO_MANY_PENDING", $"{options.Value.MaxPending} requests wait for an answer; have some approved or refused.") { RetryAfter = TimeSpan.FromMinutes(1) };
        if (held.Id == id)
        {
            voice.TellWaiting(held);
        }

        return held;
    }

    private EnrollmentRequest HandOut(EnrollmentRequest request, IPAddress source)
    {
        if (!request.IsHandedOut)
        {
            voice.Enter("HandOutCertificate", request, source);
            requests.MarkHandedOut(request.Id);
        }

        return request;
    }

    private EnrollmentRequest Require(string id) => requests.Find(id) ?? throw new NotFoundException("request", id);
}
