using Appliance.Hosting.Audit;
using Appliance.Protos.Alerts.V1;
using Appliance.Protos.Bmc.V1;
using Appliance.Protos.Inference.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Protos.Site.V1;
using Google.Protobuf;

namespace Appliance.Hosting.Tests.Audit;

public sealed class AuditSubjectTests
{
    public static TheoryData<string, IMessage> Requests => new()
    {
        { "block_id=b1", new DeleteBlockRequest { BlockId = "b1" } },
        { "address=192.0.2.7", new CreateBlockRequest { Address = ByteString.CopyFrom(192, 0, 2, 7), RequestId = "r1" } },
        { "mac=02:00:00:00:00:ab", new CreateBlockRequest { Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, 0xAB) } },
        { "network=192.0.2.0/24", new CreateProtectedAddressRequest { Network = "192.0.2.0/24" } },
        { "rule.id=r7", new UpdateRuleRequest { Rule = new Rule { Id = "r7" } } },
        { "suppression.source=192.0.2.7 suppression.destination=*", new CreateSuppressionRequest { Suppression = new Suppression { Source = "192.0.2.7", Destination = "*" } } },
        { "slot_numbers=1,3 image_id=i1", new StartFlashRequest { SlotNumbers = { 1, 3 }, ImageId = "i1" } },
        { "header.id=m1 header.version=2", new UploadModelRequest { Header = new Model { Id = "m1", Version = "2" } } },
        { "request_id=q1", new ApproveRequestRequest { RequestId = "q1" } },
        { "serial=0a0b0c", new RevokeCertificateRequest { Serial = ByteString.CopyFrom(10, 11, 12) } },
        { "account=alice source=192.0.2.9", new SignInRequest { Account = "alice", Password = "secret", Source = "192.0.2.9" } },
        { "", new SignOutRequest() },
        { "slot_number=2", new WriteConsoleRequest { SlotNumber = 2, Input = ByteString.CopyFromUtf8("secret") } },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_is_named_by_what_it_is_about_and_by_no_secret(string expected, IMessage request)
    {
        Assert.Equal(expected, AuditSubject.Of(request));
    }

    [Fact]
    public void Reason_is_the_callers_own_words_wherever_the_request_has_them()
    {
        var direct = AuditSubject.ReasonOf(new CreateBlockRequest { Reason = "scans us" });
        var inner = AuditSubject.ReasonOf(new CreateSuppressionRequest { Suppression = new Suppression { Reason = "our own scanner" } });
        var none = AuditSubject.ReasonOf(new DeleteBlockRequest { BlockId = "b1" });

        Assert.Equal(("scans us", "our own scanner", ""), (direct, inner, none));
    }
}
